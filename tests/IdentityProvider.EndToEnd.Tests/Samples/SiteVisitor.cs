using System.Net;
using System.Text.RegularExpressions;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>A browser without a screen: follows links and forms of the sample site, and keeps cookies.</summary>
internal sealed partial class SiteVisitor : IDisposable
{
    private readonly HttpClient _http;

    public SiteVisitor(Uri site)
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), MaxAutomaticRedirections = 10 })
        {
            BaseAddress = site,
        };
    }

    /// <summary>The text of the last page.</summary>
    public string Page { get; private set; } = "";

    public int Status { get; private set; }

    public Uri At { get; private set; } = null!;

    public async Task GoToAsync(string path) => await ShowAsync(await _http.GetAsync(new Uri(path, UriKind.Relative)));

    /// <summary>Sends the form of the last page, with its hidden fields.</summary>
    public async Task SubmitAsync(string action, params KeyValuePair<string, string>[] fields)
    {
        var token = TokenField().Match(Page).Groups["token"].Value;
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token), .. fields]);
        await ShowAsync(await _http.PostAsync(new Uri(action, UriKind.Relative), form));
    }

    public async Task SignInAsync()
    {
        await GoToAsync("/");
        await SubmitAsync("/signin");
    }

    public void Dispose() => _http.Dispose();

    private async Task ShowAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
            Status = (int)response.StatusCode;
            At = response.RequestMessage!.RequestUri!;
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenField();
}
