using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.EndSession;

/// <summary>What the end-session endpoint does next: RP-Initiated Logout §2 to §4.</summary>
public abstract record EndSessionOutcome
{
    private EndSessionOutcome()
    {
    }

    /// <summary>Our own error page: the request contradicts itself. Nothing ends and nobody is sent anywhere.</summary>
    public sealed record Refuse(OAuthError Error) : EndSessionOutcome;

    /// <summary>The person is asked first (§2: the hint is absent or does not prove that it concerns the session of this browser).</summary>
    /// <param name="Pending">Goes to the page, sealed.</param>
    /// <param name="Problem">Why a hint or an address was set aside, for the log; null when nothing was wrong.</param>
    public sealed record Ask(PendingSignOut Pending, OAuthError? Problem) : EndSessionOutcome;

    /// <summary>
    /// The browser is sent to this endpoint once more, by GET: to a POST from another site it adds no session cookie (SameSite=Lax), so
    /// whether the hint concerns its session cannot be told yet.
    /// </summary>
    public sealed record ComeBack(PendingSignOut Pending) : EndSessionOutcome;

    /// <summary>The hint proves it: the session of this browser, if there is one, ends without a question.</summary>
    /// <param name="ReturnAddress">The registered address with <c>state</c>; null shows our own page.</param>
    public sealed record End(string? ReturnAddress) : EndSessionOutcome;
}
