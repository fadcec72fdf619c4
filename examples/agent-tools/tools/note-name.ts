import { z } from 'zod';
import { NOTE_NAME } from '../notes/notes-folder.js';

/** As tools take it: a model is told the pattern, and what does not match reaches no tool. */
export const NoteName = z.string().regex(NOTE_NAME).describe('Name of a note, such as "shopping.md".');
