const WORDS: Record<string, string> = {
  schema_violation: 'Does not fit the tracking plan',
  unknown_event: 'Not in the tracking plan',
  missing_identity: 'No user id and no anonymous id',
  missing_event_name: 'Track call without a name',
  unknown_type: 'Unknown kind of call',
  invalid_field: 'A field has the wrong type or length',
  invalid_timestamp: 'Impossible or unreadable date',
  event_too_large: 'Too large',
  invalid_item: 'Not an object',
};

/** A quarantine reason in plain words. */
export function reasonWords(reason: string): string {
  return WORDS[reason] ?? reason.replaceAll('_', ' ');
}
