export {
  type ArtifactContent,
  ArtifactEncoding,
  type ArtifactInit,
  type ArtifactRef,
} from './artifact.js';
export type { ArtifactBackend } from './artifact-backend.js';
export { isArtifactRef, readArtifactRef } from './artifact-ref.js';
export type { ArtifactStore } from './artifact-store.js';
export { FileArtifactStore } from './file-artifact-store.js';
export { MemoryArtifactStore, type MemoryArtifactStoreOptions } from './memory-artifact-store.js';
export { TenantArtifacts } from './tenant-artifacts.js';
