/** The fields of an object's JSON Schema, also of one that is a choice between several objects. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface SchemaFields {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  /** What every choice needs. */
  readonly required: readonly string[];
}

export function fieldsOf(schema: JsonSchema): SchemaFields {
  const choices = ([schema['anyOf'] ?? [], schema['oneOf'] ?? []].flat() as JsonSchema[]).map(fieldsOf);
  const [first, ...others] = choices.map((choice) => choice.required);
  return {
    properties: Object.assign({}, ...choices.map((choice) => choice.properties), schema['properties']),
    required: [
      ...((schema['required'] ?? []) as readonly string[]),
      ...(first ?? []).filter((name) => others.every((required) => required.includes(name))),
    ],
  };
}
