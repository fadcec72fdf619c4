import { StageflowError } from '../errors/index.js';

// Neither names values: they are the data of users.

/** A driver's error, with the statement that it refused. */
export function statementFailed(sql: string, cause: unknown): StageflowError {
  return new StageflowError({
    code: 'SQL_FAILED',
    message: `The database did not carry out "${firstWords(sql)}".`,
    fix: 'Look at the cause: it is the error of the driver.',
    details: { statement: sql },
    cause,
  });
}

/** @param what the database, or a transaction */
export function alreadyClosed(what: 'database' | 'transaction'): StageflowError {
  return new StageflowError({
    code: 'SQL_CLOSED',
    message: `A ${what} was used after its end.`,
    fix:
      what === 'database'
        ? 'Close the database after everything that uses it.'
        : 'Await everything that belongs to a transaction before its function returns.',
  });
}

function firstWords(sql: string): string {
  const words = sql.trim().split(/\s+/);
  return words.length <= 6 ? words.join(' ') : `${words.slice(0, 6).join(' ')} …`;
}
