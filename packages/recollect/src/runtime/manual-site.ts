/** What operations by hand are called in counts, events and messages, as methods are by their names. */
export const MANUAL_SITE = '$manual';
