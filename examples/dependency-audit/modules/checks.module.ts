import { PipelineModule } from 'stageflow';
import { DuplicateFinder } from '../services/duplicate-finder.js';
import { EngineChecker, NODE_VERSION } from '../services/engine-checker.js';
import { LicenceDetector } from '../services/licence-detector.js';
import { SizeMeter } from '../services/size-meter.js';
import { ProjectModule } from './project.module.js';

@PipelineModule({
  imports: [ProjectModule],
  providers: [
    LicenceDetector,
    SizeMeter,
    DuplicateFinder,
    EngineChecker,
    { provide: NODE_VERSION, useValue: process.versions.node },
  ],
  exports: [LicenceDetector, SizeMeter, DuplicateFinder, EngineChecker],
})
export class ChecksModule {}
