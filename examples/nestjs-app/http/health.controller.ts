import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { StageflowHealth } from 'stageflow/nestjs';
import { Public } from '../auth/jwt-guard.js';

@Controller('health')
export class HealthController {
  constructor(private readonly health: StageflowHealth) {}

  /** 503 from the moment the application begins to close, so that no more requests are sent here. */
  @Public()
  @Get()
  check() {
    const health = this.health.check();
    if (health.stageflow.status === 'down') throw new ServiceUnavailableException(health);
    return health;
  }
}
