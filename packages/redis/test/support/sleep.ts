/** For the pace of a load in real time, never to wait for an outcome. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
