// The bounds of one GraphQL operation, as plain numbers that the configuration can replace.

/** Upper bounds of a document and of the operation chosen from it; each is inclusive. */
export interface OperationLimits {
  /** UTF-8 bytes of the document. */
  readonly maxDocumentBytes: number;
  /** Lexical tokens of the document. */
  readonly maxTokens: number;
  /** Nested fields, leaves included, introspection too. */
  readonly maxDepth: number;
  /** Aliased fields, fragments expanded. */
  readonly maxAliases: number;
  /** Fields of the operation itself, fragments expanded. */
  readonly maxRootFields: number;
  /** The same for mutations, whose fields run one after the other. */
  readonly maxMutationFields: number;
  /** Operations in one document, of which one request runs one. */
  readonly maxOperations: number;
  /** Directives in the whole document. */
  readonly maxDirectives: number;
  /** Times that one selection set may name the same field. */
  readonly maxFieldRepeats: number;
  /** Pairs of fields that meet at one place of the answer under one name, fragments written out; so of spreads. */
  readonly maxFieldPairs: number;
  /** Fields after every fragment is written out wherever it is spread. */
  readonly maxSelections: number;
  /** Items of one list, in the document or in the variables. */
  readonly maxListItems: number;
  /** Nesting of one variable's value. */
  readonly maxVariableDepth: number;
  /** Points of the cost model. */
  readonly maxCost: number;
  /** Objects in lists that the operation may return. */
  readonly maxNodes: number;
}

/** What a signed-in viewer may ask for. */
export const VIEWER_LIMITS: OperationLimits = {
  maxDocumentBytes: 16_384,
  maxTokens: 5_000,
  maxDepth: 15,
  maxAliases: 50,
  maxRootFields: 20,
  maxMutationFields: 10,
  maxOperations: 50,
  maxDirectives: 50,
  maxFieldRepeats: 20,
  maxFieldPairs: 20_000,
  maxSelections: 5_000,
  maxListItems: 250,
  maxVariableDepth: 20,
  maxCost: 2_000,
  maxNodes: 10_000,
};

/** What an anonymous request may ask for. */
export const ANONYMOUS_LIMITS: OperationLimits = { ...VIEWER_LIMITS, maxCost: 1_000 };
