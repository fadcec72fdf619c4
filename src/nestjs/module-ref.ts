import { ModuleRef } from '@nestjs/core';
import type { Wrapper } from './wrappers.js';

/** What resolves as the module of a provider sees it. */
export function moduleRefOf(wrapper: Wrapper): ModuleRef {
  return wrapper.host?.providers.get(ModuleRef)?.instance as ModuleRef;
}
