import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from 'stageflow';

/** Three services elsewhere that take their time. */
@Injectable()
export class TravelServices {
  async flight(city: string) {
    await wait(20);
    return { flight: `9:40 to ${city}` };
  }

  async hotel(city: string) {
    await wait(60);
    return { hotel: `Grand Hotel ${city}` };
  }

  async weather() {
    await wait(100);
    return { weather: 'sunny' };
  }
}
