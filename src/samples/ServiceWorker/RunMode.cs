namespace ServiceWorker;

/// <summary><see cref="Once"/>: one round, then the end.</summary>
internal sealed record RunMode(bool Once);
