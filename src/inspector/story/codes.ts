import type { HostFailure } from '../../domain/fault.ts';
import { meaningOf } from '../../hcs/codes.ts';
import type { CodeStory } from './story.ts';

/** A code in words. */
export function codeStory({ hresult, name, detail }: Pick<HostFailure, 'hresult' | 'name' | 'detail'>): CodeStory {
  const { meaning, advice, class: codeClass } = meaningOf(Number(hresult));
  const code = { hresult, name, meaning, advice, class: codeClass };
  return detail === undefined ? code : { ...code, detail };
}
