using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace IdentityProvider.Testing;

/// <summary>A browser without script: keeps cookies, fills in forms, follows redirects as long as they stay with us.</summary>
public sealed class Browser(HttpMessageHandler server, Uri origin) : IDisposable
{
    private readonly HttpMessageInvoker _server = new(server);

    public CookieContainer Cookies { get; } = new();

    /// <summary>
    /// Added to every authorization request. With <c>form_post</c> the form of a response is sent, as script would; what it holds is then told
    /// as the query of <see cref="LeftTo"/>.
    /// </summary>
    public string? ResponseMode { get; set; }

    /// <summary>Where the last redirect led when it left us; null while the browser is on one of our pages.</summary>
    public Uri? LeftTo { get; private set; }

    public Answer? Current { get; private set; }

    public Uri Address { get; private set; } = new("about:blank");

    /// <summary>What relative addresses start from.</summary>
    private Uri Base => Current is null ? origin : Address;

    public IHtmlDocument Page => new HtmlParser().ParseDocument(Current!.Body);

    public Task<Answer> GoAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Base, address)));

    /// <summary>Sends the page's form with the values that stand in it, <paramref name="fields"/> in place of them, and one button.</summary>
    /// <param name="decision">Value of the button <c>decision</c>.</param>
    /// <param name="fields">Name and value.</param>
    public Task<Answer> SubmitAsync(string decision, params (string Name, string Value)[] fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var form = Page.QuerySelector("form") ?? throw new InvalidOperationException("no form on " + Address + ": " + Current!.Body);
        var values = form.QuerySelectorAll<IHtmlInputElement>("input")
            .Where(input => input.Name is not null && (input.Type is not "checkbox" || input.IsChecked))
            .ToDictionary(input => input.Name!, input => input.Value, StringComparer.Ordinal);
        values["decision"] = decision;
        foreach (var (name, value) in fields)
        {
            values[name] = value;
        }

        return PostAsync(form.GetAttribute("action") ?? Address.ToString(), values);
    }

    public Task<Answer> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(Base, address)) { Content = new FormUrlEncodedContent(fields) });

    public void Dispose() => _server.Dispose();

    /// <summary>Sends and follows 303 while it stays with us.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        LeftTo = null;
        await AskForResponseModeAsync(request);
        for (var hops = 0; hops < 20; hops++)
        {
            var answer = await SendOnceAsync(request);
            if (answer.Status is not 303)
            {
                LeftTo = ResponseMode is "form_post" ? FindFormResponse() : null;
                return answer;
            }

            var next = new Uri(Address, answer.Headers.Location!);
            if (!string.Equals(next.GetLeftPart(UriPartial.Authority), origin.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal))
            {
                LeftTo = next;
                return answer;
            }

            request = new HttpRequestMessage(HttpMethod.Get, next);
        }

        throw new InvalidOperationException("redirected in a circle, last to " + Address);
    }

    private async Task AskForResponseModeAsync(HttpRequestMessage request)
    {
        var parameter = "&response_mode=" + ResponseMode;
        if (ResponseMode is null || request.RequestUri!.AbsolutePath is not "/connect/authorize" || request.RequestUri.Query.Contains("idp_flow", StringComparison.Ordinal))
        {
            return;
        }

        if (request.Content is null)
        {
            request.RequestUri = new Uri(request.RequestUri + parameter);
            return;
        }

        request.Content = new StringContent(
            await request.Content.ReadAsStringAsync() + parameter, Encoding.UTF8, request.Content.Headers.ContentType!.MediaType!);
    }

    private Uri? FindFormResponse()
    {
        if (Page.QuerySelector("form[method=post]") is not { } form || form.GetAttribute("action") is not { } action
            || new Uri(Address, action) is var target && string.Equals(target.Authority, origin.Authority, StringComparison.Ordinal))
        {
            return null;
        }

        var pairs = form.QuerySelectorAll<IHtmlInputElement>("input").Select(input => $"{input.Name}={Uri.EscapeDataString(input.Value)}");
        return new Uri(new Uri(Address, action) + "?" + string.Join('&', pairs));
    }

    /// <summary>Sends and does not follow.</summary>
    public async Task<Answer> SendOnceAsync(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Address = request.RequestUri!;
        if (Cookies.GetCookieHeader(Address) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        using var response = await _server.SendAsync(request, CancellationToken.None);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
            {
                Cookies.SetCookies(Address, cookie);
            }
        }

        return Current = await Answer.ReadAsync(response);
    }
}
