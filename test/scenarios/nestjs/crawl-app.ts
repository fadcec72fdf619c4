import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  Inject as NestInject,
  Param,
  Post,
  Query,
  Sse,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  AuthContext,
  DependsOn,
  Inject,
  Intercept,
  type Interceptor,
  type Next,
  PipelineModule,
  Stage,
  type StageContext,
  StageKind,
  token,
} from 'stageflow';
import {
  InjectPipeline,
  NestPipeline,
  StageflowExceptionFilter,
  StageflowHealth,
  StageflowModule,
  toSse,
} from 'stageflow/nestjs';

export interface Fetcher {
  get(url: string): string;
}
export const FETCHER = token<Fetcher>('FETCHER');

/** Run-scoped by what it asks for. */
@Injectable()
export class Visits {
  static disposed = 0;

  constructor(readonly auth: AuthContext) {}

  [Symbol.dispose](): void {
    Visits.disposed++;
  }
}

@Stage({ kind: StageKind.Transform })
export class Fetch {
  constructor(@Inject(FETCHER) private readonly fetcher: Fetcher) {}

  execute(ctx: StageContext): { html: string } {
    return { html: this.fetcher.get(ctx.snapshot.inputText ?? '') };
  }
}

export class Upper implements Interceptor {
  constructor(@Inject(FETCHER) readonly fetcher: Fetcher) {}

  intercept(_ctx: StageContext, next: Next): ReturnType<Next> {
    return next();
  }
}

@Stage({ kind: StageKind.Transform })
@DependsOn(Fetch)
@Intercept(Upper)
export class Sign {
  constructor(
    private readonly auth: AuthContext,
    private readonly visits: Visits,
  ) {}

  async execute(ctx: StageContext<typeof Fetch>): Promise<{ by: string | null; same: boolean; html: string }> {
    await new Promise((resolve) => setImmediate(resolve));
    const same = this.visits.auth === this.auth && ctx.auth === this.auth;
    return { by: this.auth.userId, same, html: ctx.inputs.of(Fetch).html };
  }
}

@PipelineModule({
  name: 'crawl',
  stages: [Fetch, Sign],
  providers: [Visits, { provide: FETCHER, useValue: { get: (url: string) => `<b>${url}</b>` } }],
})
export class CrawlPipeline {}

/** Waits until it is let go, or told to stop. */
@Injectable()
export class Door {
  readonly waiting: (() => void)[] = [];
  told = 0;

  pass(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve);
      signal.addEventListener('abort', () => {
        this.told++;
        reject(signal.reason);
      });
    });
  }

  open(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

@Stage({ kind: StageKind.Work })
export class Wait {
  constructor(@NestInject(Door) private readonly door: Door) {}

  async execute(ctx: StageContext): Promise<{ done: boolean }> {
    ctx.progress(0.5, 'waiting');
    await this.door.pass(ctx.signal);
    return { done: true };
  }
}

@PipelineModule({ name: 'slow', stages: [Wait] })
export class SlowPipeline {}

@Module({ providers: [Door], exports: [Door] })
export class DoorModule {}

/** What a real guard does with a verified token. */
export class UserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    const user = request.headers['x-user'];
    if (user === undefined) throw new UnauthorizedException();
    request.user = user;
    return true;
  }
}

@Controller()
export class CrawlController {
  static made = 0;

  constructor(
    @InjectPipeline(CrawlPipeline) private readonly crawl: NestPipeline,
    @InjectPipeline(SlowPipeline) private readonly slow: NestPipeline,
    private readonly health: StageflowHealth,
  ) {
    CrawlController.made++;
  }

  @UseGuards(UserGuard)
  @Post('crawl')
  async run(@Query('url') url: string): Promise<unknown> {
    return (await this.crawl.run({ inputText: url })).of(Sign);
  }

  @Get('slow')
  async wait(): Promise<unknown> {
    return (await this.slow.run()).of(Wait);
  }

  @Sse('events/:keep')
  events(@Param('keep') keep: string): ReturnType<typeof toSse> {
    return toSse(this.slow.start(), { cancelOnDisconnect: keep !== 'keep' });
  }

  @Get('health')
  status(): unknown {
    return this.health.check();
  }
}

@Module({
  imports: [
    StageflowModule.forRoot({
      graceMs: 50,
      auth: (context) => {
        const { user } = context.switchToHttp().getRequest();
        return user === undefined ? null : AuthContext.verified({ userId: user });
      },
    }),
    StageflowModule.forFeature([CrawlPipeline, { pipeline: SlowPipeline, imports: [DoorModule] }]),
    DoorModule,
  ],
  controllers: [CrawlController],
  providers: [{ provide: APP_FILTER, useClass: StageflowExceptionFilter }],
})
export class CrawlAppModule {}
