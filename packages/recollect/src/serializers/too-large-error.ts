import { SerializationError } from '../model/errors.js';

/** A value of more bytes than `maxValueBytes`. To be told from one that nothing can carry; to its users it is the same. */
export class TooLargeError extends SerializationError {}
