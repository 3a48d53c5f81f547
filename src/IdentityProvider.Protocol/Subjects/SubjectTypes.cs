namespace IdentityProvider.Protocol.Subjects;

/// <summary>How a client sees people: OIDC Core §8.</summary>
public static class SubjectTypes
{
    /// <summary>The same <c>sub</c> as every other public client.</summary>
    public const string Public = "public";

    /// <summary>A <c>sub</c> that only the clients of the same sector share.</summary>
    public const string Pairwise = "pairwise";

    public static IReadOnlyList<string> Supported { get; } = [Public, Pairwise];
}
