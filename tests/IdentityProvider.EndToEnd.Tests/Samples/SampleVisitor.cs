using System.Collections.Concurrent;
using IdentityProvider.EndToEnd.Tests.Browser;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>Alice at a browser, who signs in and allows what is asked for. Notes what the browser complains of.</summary>
internal sealed class SampleVisitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = [];

    public SampleVisitor(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            // An answer with status 401 is also an error to the console.
            if (message.Type is "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _complaints.Enqueue(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Violations of the content policy and of CORS, and script errors.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>On the hosted pages, up to the sample's answer.</summary>
    public async Task SignInAsync()
    {
        await Page.FillAsync("#username", "alice");
        await Page.FillAsync("#password", "development");
        await Page.FollowAsync("#signin button[value=signin]");

        // Consent is remembered: the first test of a sample is asked.
        if (await Page.IsVisibleAsync("#consent"))
        {
            await Page.FollowAsync("#consent button[value=allow]");
        }
    }

    public Task SeeAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>What the page says of the order that was placed last.</summary>
    public async Task<string> NewestOrderAsync() =>
        string.Join(", ", await Page.Locator("tbody tr").First.Locator("td").AllInnerTextsAsync());

    public async Task OrderAsync(string item, int quantity)
    {
        await Page.FillAsync("[name=item]", item);
        await Page.FillAsync("[name=quantity]", quantity.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await Page.ClickAsync("#order button");
        await SeeAsync("Your order is placed.");
    }

    public ValueTask DisposeAsync() => Page.Context.DisposeAsync();
}
