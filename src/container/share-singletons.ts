import type { DependencyContainer } from 'tsyringe';
import type { Application } from './application.js';

/**
 * Lets tsyringe code find the singletons that the root module sees, in a container that is the application's alone. The
 * user's own is never written to, so that applications do not meet there.
 */
export function shareSingletons(application: Application, container: DependencyContainer): void {
  for (const [token, value] of application.shared()) {
    // tsyringe takes a value of null or undefined for none.
    const provider = value === null || value === undefined ? { useFactory: () => value } : { useValue: value };
    container.register(token as string, provider as { useValue: unknown });
  }
}
