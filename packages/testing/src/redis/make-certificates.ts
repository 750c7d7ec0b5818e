import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownDirectory } from './owned-directory.js';
import { runCommand } from './run-command.js';

/** An authority nobody else trusts, and a certificate it signed for `localhost`, `127.0.0.1` and `::1`. PEM throughout. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Removes the files; without it they go with the process. Idempotent. */
  remove(): Promise<void>;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const NAMES = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth,clientAuth\n';

/**
 * Makes them anew, valid for one day, in a temporary directory.
 *
 * @throws Error where there is no `openssl` on the PATH.
 */
export async function makeCertificates(): Promise<Certificates> {
  const { path: cwd, remove } = await ownDirectory('certificates');
  const [caFile, caKey] = [join(cwd, 'ca.pem'), join(cwd, 'ca-key.pem')];
  const [certFile, keyFile] = [join(cwd, 'cert.pem'), join(cwd, 'key.pem')];
  const [request, names] = [join(cwd, 'request.pem'), join(cwd, 'names')];
  const openssl = (...options: string[]) => runCommand('openssl', options, { cwd, timeoutMs: 20_000 });
  try {
    await writeFile(names, NAMES);
    const authority = ['-x509', '-days', '1', '-subj', '/CN=recollect test authority'];
    await openssl('req', ...authority, ...NEW_KEY, '-keyout', caKey, '-out', caFile);
    await openssl('req', '-new', '-subj', '/CN=localhost', ...NEW_KEY, '-keyout', keyFile, '-out', request);
    const signer = ['-CA', caFile, '-CAkey', caKey, '-CAcreateserial'];
    await openssl(
      'x509',
      '-req',
      '-in',
      request,
      '-days',
      '1',
      ...signer,
      '-extfile',
      names,
      '-out',
      certFile,
    );
    const [ca, cert, key] = await Promise.all(
      [caFile, certFile, keyFile].map((file) => readFile(file, 'utf8')),
    );
    return { ca: ca ?? '', cert: cert ?? '', key: key ?? '', caFile, certFile, keyFile, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
