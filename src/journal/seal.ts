import { StageflowError } from '../errors/index.js';
import type { RunKey } from './journal-store.js';

/** Encrypts what is stored, and reads it again. `about` names a run: what was sealed for one must not open for another. */
export interface Seal {
  seal(text: string, about: string): string;
  /** @throws if it was changed, or sealed with another key */
  open(text: string, about: string): string;
}

/** What the lines of a run are sealed for. */
export function sealedFor({ tenant, runId }: RunKey): string {
  return JSON.stringify([tenant, runId]);
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals with AES-256-GCM. @param key 32 bytes, kept apart from the store; read it from where your secrets are
 * @throws JOURNAL_OPTION_INVALID for a key of another length
 */
export function aesSeal(key: Uint8Array): Seal {
  if (key.byteLength !== 32) {
    throw new StageflowError({
      code: 'JOURNAL_OPTION_INVALID',
      message: `The key of a seal has ${key.byteLength} bytes.`,
      fix: 'Give 32 bytes: randomBytes(32), once, from where your secrets are.',
      details: { bytes: key.byteLength },
    });
  }
  const { createCipheriv, createDecipheriv, randomBytes } = process.getBuiltinModule('node:crypto');
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64',
      );
    },
    open(text, about) {
      const bytes = Buffer.from(text, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(about));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([plain, decipher.final()]).toString('utf8');
    },
  };
}
