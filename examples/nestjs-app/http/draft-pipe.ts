import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common';
import { Draft } from '../newsletter/draft.js';

/** Refuses what is no draft before a run is started for it. */
@Injectable()
export class DraftPipe implements PipeTransform<unknown, Draft> {
  transform(body: unknown): Draft {
    const read = Draft.safeParse(body);
    if (read.success) return read.data;
    const issues = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new BadRequestException({ statusCode: 400, message: 'This is no draft of an edition.', issues });
  }
}
