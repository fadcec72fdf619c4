export { type OpenAiCompatibleOptions, openAiCompatible } from './open-ai-compatible.js';
