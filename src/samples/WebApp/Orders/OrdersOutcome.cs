namespace WebApp.Orders;

/// <summary>What calling the orders API came to.</summary>
internal abstract record OrdersOutcome
{
    public sealed record Listed(IReadOnlyList<Order> Orders) : OrdersOutcome;

    public sealed record Added : OrdersOutcome;

    public sealed record Cancelled : OrdersOutcome;

    /// <summary>The person has placed no such order.</summary>
    public sealed record NoSuchOrder : OrdersOutcome;

    /// <summary>401 with the error <c>insufficient_user_authentication</c>: the person has to prove more, or anew.</summary>
    public sealed record ProveMore(StepUpChallenge Challenge) : OrdersOutcome;

    /// <summary>401: the API does not accept the token (any more).</summary>
    public sealed record Unauthorized : OrdersOutcome;

    /// <summary>403: the token lacks the scope.</summary>
    public sealed record Forbidden : OrdersOutcome;

    public sealed record BadOrder : OrdersOutcome;

    /// <summary>The API is not running, or cannot reach the identity provider.</summary>
    public sealed record Unavailable : OrdersOutcome;
}
