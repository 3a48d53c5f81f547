using IdentityProvider.Protocol.Authorization;

namespace IdentityProvider.Protocol.Tests.InMemory;

/// <summary>Outcomes in one word, so that a rule and its answer fit on one line of a theory.</summary>
internal static class Outcomes
{
    public const string Refused = "our error page";
    public const string Code = "code";

    /// <summary><see cref="Refused"/>, <see cref="Code"/>, the error sent to the client, or the path of our page.</summary>
    public static string Word(this AuthorizationOutcome outcome) => outcome switch
    {
        AuthorizationOutcome.Refuse => Refused,
        AuthorizationOutcome.Interact interact => interact.Page,
        AuthorizationOutcome.Respond respond => respond.Find("error") ?? Code,
        _ => throw new InvalidOperationException("an outcome without a word"),
    };

    public static async Task<string> WordAsync(this Task<AuthorizationOutcome> outcome) => (await outcome).Word();

    public static async Task<AuthorizationOutcome.Respond> ResponseAsync(this Task<AuthorizationOutcome> outcome) =>
        Assert.IsType<AuthorizationOutcome.Respond>(await outcome);

    public static async Task<PendingAuthorization> PendingAsync(this Task<AuthorizationOutcome> outcome) =>
        Assert.IsType<AuthorizationOutcome.Interact>(await outcome).Pending;

    /// <summary>A parameter of the response; null when it is not there, and a failed test when it is there twice.</summary>
    public static string? Find(this AuthorizationOutcome.Respond respond, string name) =>
        respond.Parameters.SingleOrDefault(pair => string.Equals(pair.Key, name, StringComparison.Ordinal)).Value;
}
