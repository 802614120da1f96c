/** What YAML and JSON texts of ours can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
