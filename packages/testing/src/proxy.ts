export { startProxy } from './proxy/start-proxy.js';
export type { ProxyTarget, TcpProxy } from './proxy/tcp-proxy.js';
