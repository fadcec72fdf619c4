import { PipelineModule, RequireAuth } from 'stageflow';
import { FindReaders } from './stages/find-readers.js';
import { Proofread } from './stages/proofread.js';
import { Save } from './stages/save.js';
import { Send } from './stages/send.js';
import { SaveEdition } from './tools/save-edition.js';
import { SendEdition } from './tools/send-edition.js';

/** From a draft to the readers. Knows nothing of Nest. */
@RequireAuth()
@PipelineModule({
  name: 'newsletter',
  stages: [Proofread, FindReaders, Save, Send],
  tools: [SaveEdition, SendEdition],
})
export class NewsletterPipeline {}
