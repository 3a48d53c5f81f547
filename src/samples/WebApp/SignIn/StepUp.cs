using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using WebApp.Orders;

namespace WebApp.SignIn;

/// <summary>
/// Sends a person to the identity provider to prove what an API asked for, and afterwards does what they wanted: RFC 9470 §4. What that was
/// travels in the protected <c>state</c>, bound to this browser: no link can make anybody repeat anything.
/// </summary>
internal sealed class StepUp(OrdersClient orders)
{
    private const string AcrValues = "acr_values";
    private const string MaxAge = "max_age";
    private const string Cancel = "cancel";
    private const string Person = "person";

    /// <summary>For a challenge of <see cref="SignInRegistration.Scheme"/>.</summary>
    /// <param name="challenge">Of the API.</param>
    /// <param name="number">The order to be cancelled.</param>
    /// <param name="person">Who wants it: <c>sub</c>.</param>
    public static AuthenticationProperties ToCancel(StepUpChallenge challenge, int number, string person) => new(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [AcrValues] = challenge.AcrValues,
        [MaxAge] = challenge.MaxAge,
        [Cancel] = number.ToString(CultureInfo.InvariantCulture),
        [Person] = person,
    })
    {
        RedirectUri = "/",
    };

    /// <summary>What the authorization request says besides (OIDC Core §3.1.2.1).</summary>
    public static IEnumerable<KeyValuePair<string, string?>> ParametersOf(AuthenticationProperties properties) =>
        properties.Items.Where(item => item.Key is AcrValues or MaxAge && item.Value is not null);

    /// <summary>The person is back with another access token.</summary>
    public async Task RepeatAsync(TicketReceivedContext context)
    {
        if (!context.Properties!.Items.Remove(Cancel, out var number))
        {
            return;
        }

        // Somebody else may have signed in: what one person wanted is not done to another.
        var isSame = context.Properties.Items.Remove(Person, out var person)
            && string.Equals(person, context.Principal!.FindFirst("sub")?.Value, StringComparison.Ordinal);
        var outcome = isSame
            ? await orders.CancelAsync(
                int.Parse(number!, CultureInfo.InvariantCulture),
                context.Properties.GetTokenValue("access_token"),
                context.HttpContext.RequestAborted)
            : new OrdersOutcome.Forbidden();
        context.ReturnUri = outcome switch
        {
            OrdersOutcome.Cancelled => "/?cancelled=true",

            // Asked again, the person would only decline again.
            OrdersOutcome.ProveMore => "/?unproved=true",
            _ => "/",
        };
    }
}
