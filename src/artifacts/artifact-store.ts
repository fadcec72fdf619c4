import type { TenantArtifacts } from './tenant-artifacts.js';

/**
 * Keeps large values. Everything but the choice of the tenant is done through {@link TenantArtifacts}, so there is no call
 * that could reach the artifacts of another one.
 */
export interface ArtifactStore {
  /**
   * The artifacts of one tenant; of an application without tenants for `null`. Cheap.
   * @throws StageflowError with ARTIFACT_INVALID if the tenant is blank or not a string.
   */
  forTenant(tenant: string | null): TenantArtifacts;
}
