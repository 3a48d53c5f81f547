namespace IdentityProvider.Tests.Shared;

/// <summary>Marks a test with the normative clause it proves, for example <c>[Clause("RFC 6749", "4.1.2", "…MUST NOT be used more than once…")]</c>.</summary>
/// <param name="specification">The specification's short name, as in citations: <c>RFC 9449</c>, <c>OIDC Core</c>.</param>
/// <param name="clause">The section number, without a sign.</param>
/// <param name="text">The words of the clause, shortened.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class ClauseAttribute(string specification, string clause, string text) : Attribute
{
    public string Specification { get; } = specification;

    public string Clause { get; } = clause;

    public string Text { get; } = text;
}
