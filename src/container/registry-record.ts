import { PipelineRegistry } from '../pipeline/index.js';
import type { ProviderRecord } from './wiring-records.js';

/** What every module sees without importing it. */
export function registryRecord(registry: PipelineRegistry): ProviderRecord {
  return {
    token: PipelineRegistry,
    home: null,
    role: 'provider',
    source: { kind: 'value', value: registry },
    scope: null,
  };
}
