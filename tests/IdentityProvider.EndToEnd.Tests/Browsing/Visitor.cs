using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace IdentityProvider.EndToEnd.Tests.Browsing;

/// <summary>
/// A browser without a screen: keeps cookies, follows redirects, fills in forms. It goes only where the test said that
/// something answers; a redirect to anywhere else ends the journey and stands in <see cref="SentTo"/>.
/// </summary>
internal sealed class Visitor : IDisposable
{
    private const int MaximumRedirects = 15;

    private readonly HttpClient _http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false });
    private readonly string[] _known;

    /// <param name="site">Where paths start from.</param>
    /// <param name="others">Other places that redirects may lead to.</param>
    public Visitor(Uri site, params Uri[] others)
    {
        At = site;
        _http.BaseAddress = site;
        _known = [.. others.Append(site).Select(place => place.Authority)];
    }

    public Uri At { get; private set; }

    public int Status { get; private set; }

    /// <summary>What a person reads on the page.</summary>
    public string Text => string.Join(' ', Page.Body!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public IHtmlDocument Page { get; private set; } = new HtmlParser().ParseDocument("");

    /// <summary>The address of the last redirect if nothing we know answers there, such as a client's redirect URI.</summary>
    public Uri? SentTo { get; private set; }

    public async Task GoToAsync(string address) =>
        await FollowAsync(await _http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute)));

    /// <summary>Sends a form as it is on the page, with these fields filled in; the button is one of the fields.</summary>
    public async Task SubmitAsync(string selector, params (string Name, string Value)[] fields)
    {
        var form = Page.QuerySelector(selector) as IHtmlFormElement;
        Assert.True(form is not null, $"no form {selector} at {At}: {Text}");
        var values = form.QuerySelectorAll("input[name]").OfType<IHtmlInputElement>()
            .Where(input => input.Type is not ("checkbox" or "radio" or "submit") || input.IsChecked)
            .ToDictionary(input => input.Name!, input => input.Value, StringComparer.Ordinal);
        foreach (var (name, value) in fields)
        {
            values[name] = value;
        }

        await PostAsync(new Uri(At, form.GetAttribute("action") ?? At.PathAndQuery), values);
    }

    /// <summary>A form that no page of ours showed.</summary>
    public Task PostAsync(string path, params (string Name, string Value)[] fields) => PostAsync(
        new Uri(At, path), fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(Uri address, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        await FollowAsync(await _http.PostAsync(address, form));
    }

    private async Task FollowAsync(HttpResponseMessage response)
    {
        SentTo = null;
        for (var redirects = 0; await ShowAsync(response) is { } next; redirects++)
        {
            Assert.True(redirects < MaximumRedirects, $"sent in circles at {At}");
            if (!_known.Contains(next.Authority, StringComparer.Ordinal))
            {
                SentTo = next;
                return;
            }

            response = await _http.GetAsync(next);
        }
    }

    /// <summary>Where the answer leads on; null when it is a page.</summary>
    private async Task<Uri?> ShowAsync(HttpResponseMessage response)
    {
        using (response)
        {
            At = response.RequestMessage!.RequestUri!;
            Status = (int)response.StatusCode;
            if (response.Headers.Location is { } location)
            {
                return new Uri(At, location);
            }

            Page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
            return null;
        }
    }
}
