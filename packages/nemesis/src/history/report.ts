import type { Figures, OperationKind, Outcome } from './history.js';

/** What a process tells of itself while it lives, one line of JSON each; times as in a history. */
export type Report =
  | {
      readonly of: 'start';
      readonly id: string;
      readonly kind: OperationKind;
      readonly site: string;
      readonly key: string;
      readonly at: number;
      readonly calm: boolean;
    }
  | { readonly of: 'end'; readonly id: string; readonly at: number; readonly outcome: Outcome }
  | {
      readonly of: 'load';
      readonly id: string;
      readonly site: string;
      readonly key: string;
      readonly call?: string;
      readonly at: number;
      readonly fence?: number;
    }
  | { readonly of: 'loaded'; readonly id: string; readonly at: number; readonly outcome: 'value' | 'error' }
  | { readonly of: 'trouble'; readonly text: string }
  | { readonly of: 'loss'; readonly at: number }
  | { readonly of: 'stall'; readonly start: number; readonly end: number }
  | { readonly of: 'figures'; readonly figures: Figures };
