using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebApp.Orders;
using WebApp.SignIn;

namespace WebApp.Pages;

/// <summary>Before signing in: the door. After: the orders.</summary>
internal sealed class IndexModel(OrdersClient client) : PageModel
{
    public IReadOnlyList<Order>? Orders { get; private set; }

    public PageProblem? Problem { get; private set; }

    public string? Notice { get; private set; }

    public string? TokenExpiresAt { get; private set; }

    public async Task OnGetAsync(bool signedOut, bool denied, bool placed, bool cancelled, bool unproved, CancellationToken cancellationToken)
    {
        Notice = signedOut ? "You are signed out."
            : denied ? "You did not allow this site to sign you in."
            : placed ? "Your order is placed."
            : cancelled ? "Your order is cancelled."
            : unproved ? "Your order is not cancelled: for that, prove with a second factor that it is you."
            : null;
        if (User.Identity!.IsAuthenticated)
        {
            Show(await client.ListAsync(cancellationToken));
            TokenExpiresAt = DateTimeOffset.TryParse(
                await HttpContext.GetTokenAsync("expires_at"), CultureInfo.InvariantCulture, out var at)
                ? at.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
                : "unknown";
        }
    }

    public async Task<IActionResult> OnPostAsync(string? item, int quantity, CancellationToken cancellationToken)
    {
        if (!User.Identity!.IsAuthenticated)
        {
            return RedirectToPage();
        }

        var outcome = await client.AddAsync(item ?? "", quantity, cancellationToken);
        if (outcome is OrdersOutcome.Added)
        {
            return RedirectToPage(new { placed = true });
        }

        Show(await client.ListAsync(cancellationToken));
        Show(outcome);
        return Page();
    }

    public async Task<IActionResult> OnPostCancelAsync(int number, CancellationToken cancellationToken)
    {
        if (!User.Identity!.IsAuthenticated)
        {
            return RedirectToPage();
        }

        switch (await client.CancelAsync(number, token: null, cancellationToken))
        {
            case OrdersOutcome.Cancelled:
                return RedirectToPage(new { cancelled = true });
            case OrdersOutcome.ProveMore(var challenge):
                return Challenge(StepUp.ToCancel(challenge, number, User.FindFirst("sub")!.Value), SignInRegistration.Scheme);
            case var outcome:
                Show(await client.ListAsync(cancellationToken));
                Show(outcome);
                return Page();
        }
    }

    private void Show(OrdersOutcome outcome)
    {
        switch (outcome)
        {
            case OrdersOutcome.Listed listed:
                Orders = listed.Orders;
                break;
            case OrdersOutcome.Unauthorized:
                Problem = new PageProblem("The orders API no longer accepts your sign-in. It may have been ended elsewhere.", null, true);
                break;
            case OrdersOutcome.Forbidden:
                Problem = new PageProblem("You did not allow this site to do that with your orders.", null, true);
                break;
            case OrdersOutcome.NoSuchOrder:
                Problem = new PageProblem("You have placed no order of this number.", null, false);
                break;
            case OrdersOutcome.BadOrder:
                Problem = new PageProblem("Name a tea, and between 1 and 1000 tins.", null, false);
                break;
            default:
                Problem = new PageProblem(
                    "The orders API does not answer. Start it in a second terminal, then reload this page:",
                    "dotnet run --project src/samples/ResourceApi",
                    false);
                break;
        }
    }
}

/// <summary>What went wrong, the command that helps, and whether signing in again would.</summary>
internal sealed record PageProblem(string Text, string? Command, bool SignInAgain);
