export { decodeOrNote, decodePayload } from './decode-payload.js';
export { type DeepFreezeOptions, deepFreeze } from './deep-freeze.js';
export { encodeOrNote, encodePayload } from './encode-payload.js';
export { type Json, PAYLOAD_ENCODING_VERSION } from './encoding.js';
export { formatPath } from './field-path.js';
export { findUnencodable } from './find-unencodable.js';
export { frozenCopy } from './frozen-copy.js';
export { type PayloadErrorInit, type PayloadProblem, payloadError } from './payload-problem.js';
export { payloadSize } from './payload-size.js';
