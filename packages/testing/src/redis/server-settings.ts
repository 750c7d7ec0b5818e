/**
 * Settings of a server by their names in `redis.conf`. A value is taken as it would stand there, so one of several words
 * is one text (`'pubsub 1mb 1mb 60'`); the empty text is written as `""`. A list repeats the setting.
 */
export type ServerSettings = Readonly<Record<string, string | number | readonly string[]>>;

/** What a starter decides itself. */
const TAKEN = ['port', 'bind', 'dir', 'daemonize', 'logfile', 'aclfile', 'cluster-config-file', 'include'];

/**
 * The lines of a `redis.conf`.
 *
 * @throws TypeError for a setting that the starters decide themselves, and for a value of several lines.
 */
export function settingLines(settings: ServerSettings): string {
  for (const name of Object.keys(settings)) {
    if (TAKEN.includes(name))
      throw new TypeError(`settings: '${name}' is not to be set; these are taken: ${TAKEN.join(', ')}`);
  }
  return plainLines(settings);
}

/** The same, for the starters themselves. */
export function plainLines(settings: ServerSettings): string {
  return Object.entries(settings)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((each) => line(name, String(each))),
    )
    .join('');
}

function line(name: string, value: string): string {
  if (/[\r\n]/.test(name + value)) throw new TypeError(`settings: '${name}' has a line break in it`);
  return `${name} ${value === '' ? '""' : value}\n`;
}
