// @ts-check
/* One record of ten fields, as a DTO and as a schema. Only the process that measures contracts loads the libraries. */
import {
  ArrayMaxSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
// By its path: the peers bring an older zod into this folder.
import * as z from '../../node_modules/zod/index.js';

const LANGUAGES = /** @type {const} */ (['de', 'en', 'fr']);

export class PageDto {}

/** What decorators do. @type {Record<string, PropertyDecorator[]>} */
const RULES = {
  id: [IsString(), Length(1, 40)],
  title: [IsString(), Length(1, 200)],
  body: [IsString()],
  author: [IsString()],
  language: [IsIn([...LANGUAGES])],
  words: [IsInt(), Min(0)],
  score: [IsNumber(), Min(0), Max(1)],
  isPublic: [IsBoolean()],
  tags: [IsString({ each: true }), ArrayMaxSize(20)],
  note: [IsOptional(), IsString()],
};
for (const [name, rules] of Object.entries(RULES)) for (const rule of rules) rule(PageDto.prototype, name);

export const pageSchema = z.object({
  id: z.string().min(1).max(40),
  title: z.string().min(1).max(200),
  body: z.string(),
  author: z.string(),
  language: z.enum(LANGUAGES),
  words: z.number().int().min(0),
  score: z.number().min(0).max(1),
  isPublic: z.boolean(),
  tags: z.array(z.string()).max(20),
  note: z.string().optional(),
});

/** What a stage returns: keeps both. */
export const page = () => ({
  id: 'page-1',
  title: 'First steps',
  body: 'Install it, then run it.',
  author: 'Ada',
  language: 'en',
  words: 5,
  score: 0.75,
  isPublic: true,
  tags: ['guide', 'setup'],
  note: 'short',
});
