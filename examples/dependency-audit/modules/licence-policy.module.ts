import { type DynamicModule, PipelineModule } from 'stageflow';
import { LICENCE_RULES, LicencePolicy, type LicenceRules } from '../services/licence-policy.js';

/** Which licences are denied is configuration: a module gives it, so that a test, or another project, gives its own. */
@PipelineModule()
export class LicencePolicyModule {
  static with(rules: LicenceRules): DynamicModule {
    return {
      module: LicencePolicyModule,
      providers: [{ provide: LICENCE_RULES, useValue: rules }, LicencePolicy],
      exports: [LicencePolicy],
    };
  }
}
