import type { CodeStory } from '../../story/story.ts';

/** A code of the host in words. */
export function Code({ code, hasAdvice = true }: { readonly code: CodeStory; readonly hasAdvice?: boolean }) {
  return (
    <span class="code-words">
      <code class="code">{code.hresult}</code> <strong>{code.name}</strong>: {code.meaning}
      {code.detail !== undefined && <span class="detail">The host said: {code.detail}</span>}
      {hasAdvice && <span class="advice">{code.advice}</span>}
    </span>
  );
}
