/** JSON values as the warehouse has them: text of one JSON value, empty when there is none. The first character tells the type. */
import { type Sql, sql } from '../../kernel/sql.ts';

/** Digits and the minus sign: nothing else that begins a JSON value lies between `-` and `:`. */
export const isNumberSql = (raw: Sql): Sql => sql`(${raw} >= '-' AND ${raw} < ':')`;
export const isTextSql = (raw: Sql): Sql => sql`startsWith(${raw}, '"')`;
export const isListSql = (raw: Sql): Sql => sql`startsWith(${raw}, '[')`;
export const isMissingSql = (raw: Sql): Sql => sql`(${raw} = '' OR ${raw} = 'null')`;

export const numberOf = (raw: Sql): Sql => sql`JSONExtractFloat(${raw})`;
export const textOf = (raw: Sql): Sql => sql`JSONExtractString(${raw})`;
export const itemsOf = (raw: Sql): Sql => sql`JSONExtractArrayRaw(${raw})`;
