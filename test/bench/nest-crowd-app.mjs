// @ts-check
/* The application behind `nest-http.mjs`, with what TypeScript writes for decorated classes written by hand. */

/** What became of the runs, and a door at which all of them wait while it is closed. */
export class Doorkeeper {
  entered = 0;
  disposed = 0;
  open = true;
  /** What belongs to one run, to see whether it is still reachable when the run is over. @type {WeakRef<object>[]} */
  seen = [];
  /** @type {(() => void)[]} */
  #waiting = [];

  get waiting() {
    return this.#waiting.length;
  }

  /** @param {readonly object[]} ofRun @returns {Promise<void> | undefined} */
  pass(ofRun) {
    this.entered++;
    for (const one of ofRun) this.seen.push(new WeakRef(one));
    if (this.open) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  openDoor() {
    this.open = true;
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** @param {object} target @param {string} name @param {readonly unknown[]} parameters */
function typed(target, name, parameters) {
  /** @type {any} */ (Reflect).defineMetadata('design:paramtypes', parameters, target, name);
}

/** @param {Function} target @param {readonly unknown[]} parameters */
function injected(target, parameters) {
  /** @type {any} */ (Reflect).defineMetadata('design:paramtypes', parameters, target);
}

/** @param {{ stageflow: any, nest: any, common: any }} kit @param {Doorkeeper} door */
export function crowdModule({ stageflow, nest, common }, door) {
  const { AuthContext } = stageflow;
  class Visit {
    /** @param {unknown} auth */
    constructor(auth) {
      this.auth = auth;
    }
    [Symbol.dispose]() {
      door.disposed++;
    }
  }
  injected(Visit, [AuthContext]);
  stageflow.Injectable()(Visit);

  class Sign {
    /** @param {any} auth @param {Visit} visit */
    constructor(auth, visit) {
      this.auth = auth;
      this.visit = visit;
    }
    /** @param {any} ctx */
    async execute(ctx) {
      await door.pass([ctx.snapshot, this.auth, this.visit, this]);
      const same = this.visit.auth === this.auth && ctx.auth === this.auth;
      return { by: this.auth.userId, same, text: ctx.snapshot.inputText };
    }
  }
  injected(Sign, [AuthContext, Visit]);
  stageflow.Stage()(Sign);

  class Signing {}
  stageflow.PipelineModule({ stages: [Sign], providers: [Visit] })(Signing);

  class CrowdController {
    /** @param {any} signing @param {any} health */
    constructor(signing, health) {
      this.signing = signing;
      this.health = health;
    }
    /** @param {string} text */
    async sign(text) {
      return (await this.signing.run({ inputText: text })).of(Sign);
    }
    /** @param {string} text @param {any} request */
    async plain(text, request) {
      return { by: request.headers['x-user'], same: true, text };
    }
    check() {
      return this.health.check();
    }
  }
  injected(CrowdController, [Object, nest.StageflowHealth]);
  nest.InjectPipeline(Signing)(CrowdController, undefined, 0);
  route(common, CrowdController, 'sign', 'sign', [common.Query('text')], [String]);
  route(common, CrowdController, 'plain', 'plain', [common.Query('text'), common.Req()], [String, Object]);
  route(common, CrowdController, 'check', 'health', [], []);
  common.Controller()(CrowdController);

  const auth = (/** @type {any} */ context) => {
    const user = context.switchToHttp().getRequest().headers['x-user'];
    return user === undefined ? null : AuthContext.verified({ userId: user });
  };
  class CrowdModule {}
  common.Module({
    imports: [
      nest.StageflowModule.forRoot({ auth, graceMs: 60_000, defaults: false }),
      nest.StageflowModule.forFeature([Signing]),
    ],
    controllers: [CrowdController],
    providers: [{ provide: 'APP_FILTER', useClass: nest.StageflowExceptionFilter }],
  })(CrowdModule);
  return CrowdModule;
}

/**
 * @param {any} common @param {Function} controller @param {string} method @param {string} path
 * @param {readonly Function[]} parameters @param {readonly unknown[]} types
 */
function route(common, controller, method, path, parameters, types) {
  const { prototype } = controller;
  typed(prototype, method, types);
  common.Get(path)(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
  for (const [place, decorate] of parameters.entries()) decorate(prototype, method, place);
}
