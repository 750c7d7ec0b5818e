/** The program of a worker process: does what its parent says over IPC, and reports on descriptor 3. */
import { createBirpc } from 'birpc';
import { reportStalls } from '../history/report-stalls.js';
import { confirmMutation } from '../mutation/confirm-mutation.js';
import { prototypeMembers } from './prototypes.js';
import type { WorkerFunctions } from './task.js';
import { tell } from './tell.js';
import { Work } from './work.js';

confirmMutation();

const members = prototypeMembers();
let isOver = false;

process.on('unhandledRejection', (reason) => {
  tell({
    of: 'trouble',
    text: `unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}`,
  });
});
process.on('uncaughtException', (error) => {
  tell({ of: 'trouble', text: `uncaught exception: ${error.stack}` });
});

const work = new Work(() => {
  if (prototypeMembers() !== members)
    tell({ of: 'trouble', text: 'prototype: it has other members than before' });
  // Behind the answer to whoever told us to end. From now on nothing of ours keeps the process alive.
  isOver = true;
  setImmediate(() => process.disconnect());
});

// A worker whose parent is gone has nobody to work for.
process.once('disconnect', () => {
  if (!isOver) process.exit(3);
});

reportStalls((start, end) => tell({ of: 'stall', start, end }));

const functions: WorkerFunctions = {
  begin: (task) => work.begin(task),
  rest: () => work.rest(),
  recover: (withinMs) => work.recover(withinMs),
  invalidateAll: (withinMs) => work.invalidateAll(withinMs),
  callAll: () => work.callAll(),
  finish: () => work.finish(),
};

createBirpc<object, WorkerFunctions>(functions, {
  post: (data) => process.send?.(data),
  on: (listener) => process.on('message', listener),
  timeout: -1,
});
