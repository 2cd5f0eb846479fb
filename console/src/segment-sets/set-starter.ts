/** A set that shows every part of the definition. */
export const SET_STARTER = `description: Everybody gets one newsletter at most.
# In order: the first wins when policy is priority.
members:
  - segment: vip
  - segment: lapsing
  - segment: newsletter
# Who gets a person of two members: priority, largest_value, most_recent, none_when_conflict
policy: priority
# For people in no member, from what their first visit shows; the first that fits counts.
cold_start:
  - { segment: newsletter, country: [DE, AT, CH] }
`;
