export { consume } from './consume/consume.js';
export type { DeadLetterFields } from './consume/dead-letter.js';
export { MemoryLedger, type Ledger } from './consume/ledger.js';
export { isOutage, type ConsumeCounts, type ConsumeOptions, type Delivery } from './consume/options.js';
export { EventError, type EventErrorCode, type EventProblem } from './event-error.js';
export { fieldsOf, parseEvent, type EntryFields, type TrmEvent } from './parse-event.js';
export { eventSchemas } from './schemas/index.js';
export { CURRENT_VERSIONS, dataSchemaOf, type EventType } from './versions.js';
