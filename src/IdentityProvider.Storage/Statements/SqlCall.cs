namespace IdentityProvider.Storage.Statements;

/// <summary>A statement with the values of its parameters; null is SQL's NULL.</summary>
internal readonly record struct SqlCall(Statement Statement, object?[] Values);
