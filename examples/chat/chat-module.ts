import path from 'node:path';
import { type DynamicModule, PipelineModule } from 'stageflow';
import { ModelProvider } from 'stageflow/agents';
import { DOCUMENTS_PATH, Documents } from './services/documents.js';
import { PROFILES_PATH, Profiles } from './services/profiles.js';
import { Answer } from './stages/answer.js';
import { GuardInput } from './stages/guard-input.js';
import { GuardOutput } from './stages/guard-output.js';
import { LookUpProfile } from './stages/look-up-profile.js';
import { Route } from './stages/route.js';
import { SearchDocuments } from './stages/search-documents.js';

const HERE = import.meta.dirname;

/** One turn of a conversation: guard, router, what is looked up side by side, an answer that streams, guard. */
@PipelineModule({
  name: 'chat',
  stages: [GuardInput, Route, LookUpProfile, SearchDocuments, Answer, GuardOutput],
  providers: [
    Documents,
    Profiles,
    { provide: DOCUMENTS_PATH, useValue: path.join(HERE, 'documents') },
    { provide: PROFILES_PATH, useValue: path.join(HERE, 'profiles.json') },
  ],
})
export class ChatModule {
  static with(model: ModelProvider): DynamicModule {
    return { module: ChatModule, providers: [{ provide: ModelProvider, useValue: model }] };
  }
}
