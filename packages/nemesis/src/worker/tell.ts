import { writeSync } from 'node:fs';
import type { Report } from '../history/report.js';

/** The pipe to the parent. What was written is there when the process is killed in the next moment. */
export const REPORT_DESCRIPTOR = 3;

export function tell(report: Report): void {
  const line = Buffer.from(`${JSON.stringify(report)}\n`);
  for (let written = 0; written < line.length; ) {
    try {
      written += writeSync(REPORT_DESCRIPTOR, line, written);
    } catch (error) {
      // The parent reads more slowly than we write: there is nothing to do but to try again.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
