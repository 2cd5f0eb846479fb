import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { PAGES } from '../pages.ts';

/** True while the person types: single keys are then letters, not shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Ctrl+K or ? opens the palette; `g` and then a page's letter goes there. */
export function usePageShortcuts(onPalette: () => void): void {
  const navigate = useNavigate();
  const armed_at_ms = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') {
        event.preventDefault();
        onPalette();
      } else if (event.key === 'g') {
        armed_at_ms.current = event.timeStamp;
      } else if (armed_at_ms.current > 0 && event.timeStamp - armed_at_ms.current < 1_200) {
        armed_at_ms.current = 0;
        const page = PAGES.find((each) => each.shortcut === event.key);
        if (page !== undefined) void navigate({ to: page.path, search: {} as never });
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate, onPalette]);
}
