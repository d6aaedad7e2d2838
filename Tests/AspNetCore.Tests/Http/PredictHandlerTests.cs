using System.Net;
using System.Text.Json.Nodes;
using MLClassify.AspNetCore.Tests.Support;

namespace MLClassify.AspNetCore.Tests.Http;

[Collection(ModelCollection.Name)]
public sealed class PredictHandlerTests(ModelFixture model)
{
    [Theory]
    [InlineData("image/png")]
    [InlineData("image/jpeg")]
    [InlineData("application/octet-stream")]
    [InlineData("IMAGE/PNG; charset=binary")]
    [InlineData(null)]
    public async Task Post_RawBody_GivesThePrediction(string? type)
    {
        await using Server server = await Server.StartAsync(model);

        (int status, JsonNode json) = await server.PostAsync(Server.Body(model.Image(), type));

        Assert.Equal(200, status);
        Assert.Equal("blue", (string?)json["label"]);
        Assert.Equal(model.Expected(model.Image()), Server.Scores(json));
        Assert.Equal((float)json["score"]!, Server.Scores(json)[0]);
        Assert.Equal(["label", "score", "top"], json.AsObject().Select(property => property.Key));
    }

    [Fact]
    public async Task Post_FormWithOneFile_GivesOneAnswerWithItsName()
    {
        await using Server server = await Server.StartAsync(model, options => options.Top = 2);
        using MultipartFormDataContent form = Server.Form(("<b>ü.png", model.Image()));
        form.Add(new StringContent("a field"), "note");

        (int status, JsonNode json) = await server.PostAsync(form);

        Assert.Equal((200, "<b>ü.png"), (status, (string?)json["file"]));
        Assert.Equal(model.Expected(model.Image(), top: 2), Server.Scores(json));
    }

    [Fact]
    public async Task Post_FormWithSeveralFiles_AnswersEachInOrder()
    {
        await using Server server = await Server.StartAsync(model);
        byte[] text = "no image at all"u8.ToArray();
        byte[] webP = [.. "RIFF"u8, 4, 0, 0, 0, .. "WEBP"u8];
        using MultipartFormDataContent form = Server.Form(
            ("a.png", model.Image(0)), ("b.txt", text), ("c.jpg", model.Image(9)), ("d.webp", webP), ("e.png", Bombs.Png()));

        (int status, JsonNode json) = await server.PostAsync(form);

        JsonArray files = json["predictions"]!.AsArray();
        Assert.Equal(200, status);
        Assert.Equal(["a.png", "b.txt", "c.jpg", "d.webp", "e.png"], files.Select(file => (string?)file!["file"]));
        Assert.Equal(["blue", null, "green", null, null], files.Select(file => (string?)file!["label"]));
        Assert.Equal([null, "invalid_image", null, "unsupported_image", "too_many_pixels"], files.Select(file => (string?)file!["error"]?["reason"]));
        Assert.Equal([0, 400, 0, 415, 413], files.Select(file => (int?)file!["error"]?["status"] ?? 0));
        Assert.Equal(model.Expected(model.Image(9)), Server.Scores(files[2]!));
    }

    [Fact]
    public async Task Post_FormWithOnlyBadFiles_HasTheFirstOnesStatus()
    {
        await using Server server = await Server.StartAsync(model);
        using MultipartFormDataContent form = Server.Form(("a.png", []), ("b.png", Bombs.Png()));

        (int status, JsonNode json) = await server.PostAsync(form);

        Assert.Equal(400, status);
        Assert.Contains("empty", (string?)json["predictions"]![0]!["error"]!["detail"]);
    }

    [Fact]
    public async Task Post_ManyAtOnce_GivesWhatThePredictionsAreOneByOne()
    {
        await using Server server = await Server.StartAsync(model, options => options.MaxBatch = 5);
        using var measured = new Measurements(server);
        float[][] expected = [.. model.Files.Select(file => model.Expected(File.ReadAllBytes(file)))];

        (int Status, JsonNode Json)[] answers = await Task.WhenAll(Enumerable.Range(0, 96).Select(
            i => Task.Run(() => server.PostAsync(Server.Body(model.Image(i % model.Files.Length))))));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        for (int i = 0; i < answers.Length; i++)
        {
            Assert.Equal(expected[i % model.Files.Length], Server.Scores(answers[i].Json));
        }

        Assert.Equal(96, measured.Sum("mlclassify.batch.size"));
        Assert.All(measured.Of("mlclassify.batch.size"), size => Assert.InRange(size, 1, 5));
        Assert.Equal(0, server.Service.QueueLength);
    }

    [Theory]
    [InlineData(TestTimeViews.Flip)]
    [InlineData(TestTimeViews.TenCrop)]
    public async Task Post_WithViews_AveragesThem(TestTimeViews views)
    {
        await using Server server = await Server.StartAsync(model, options => (options.Views, options.MaxBatch) = (views, 3));

        (_, JsonNode json) = await server.PostAsync(Server.Body(model.Image()));

        Assert.Equal(model.Classifier.Predict(model.Image().AsSpan(), views).Top(5).Select(entry => entry.Score), Server.Scores(json));
    }

    [Theory]
    [InlineData("", "image/png", 400, "invalid_image", "the file is empty")]
    [InlineData("just some text", "image/jpeg", 400, "invalid_image", "(text)")]
    [InlineData("<html>", "image/jpeg", 400, "invalid_image", "HTML page")]
    [InlineData("GIF89a", "image/gif", 400, "invalid_image", "GIF")]
    [InlineData("8BPS", "image/png", 400, "invalid_image", "Photoshop")]
    [InlineData("x", "text/plain", 415, "unsupported_content_type", "multipart/form-data, image/*")]
    [InlineData("x", "application/x-www-form-urlencoded", 415, "unsupported_content_type", "curl")]
    [InlineData("x", "multipart/mixed; boundary=b", 415, "unsupported_content_type", "multipart/mixed")]
    [InlineData("x", "multipart/form-data", 400, "malformed_request", "boundary")]
    [InlineData("x", "multipart/form-data; boundary=b", 400, "malformed_request", "ends before")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc", "multipart/form-data; boundary=b", 400, "malformed_request", "ends before")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nabc\r\n--b--\r\n", "multipart/form-data; boundary=b", 400, "no_file", "no file")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--b--\r\n", "multipart/form-data; boundary=b", 400, "no_file", "no file")]
    [InlineData("--b--\r\n", "multipart/form-data; boundary=b", 400, "no_file", "no file")]
    [InlineData("--b\r\nno header\r\n\r\n\r\n--b--\r\n", "multipart/form-data; boundary=b", 400, "malformed_request", "")]
    public async Task Post_WhatIsNoImage_IsRefusedWithTheReason(string body, string type, int status, string reason, string detail)
    {
        await using Server server = await Server.StartAsync(model);

        JsonNode json = await server.RefusedAsync(Server.Body(System.Text.Encoding.Latin1.GetBytes(body), type), status, reason);

        Assert.Contains(detail, (string?)json["detail"]);
    }

    [Fact]
    public async Task Post_DamagedImages_AreRefusedOrAnswered()
    {
        await using Server server = await Server.StartAsync(model);
        var random = new Random(3);
        for (int i = 0; i < 60; i++)
        {
            byte[] bytes = model.Image(i % 8);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Array.Resize(ref bytes, random.Next(1, bytes.Length + 1));
            (int status, _) = await server.PostAsync(Server.Body(bytes));
            Assert.True(status is 200 or 400 or 413 or 415, $"image {i}: {status}");
        }

        Assert.Equal(200, (await server.PostAsync(Server.Body(model.Image()))).Status);
        Assert.Equal(0, server.Service.QueueLength);
    }

    [Fact]
    public async Task Post_Bombs_AreRefusedByTheirDeclaredSize()
    {
        await using Server server = await Server.StartAsync(model);

        Assert.Contains("65536 x 65536", (string?)(await server.RefusedAsync(Server.Body(Bombs.Png()), 413, "too_many_pixels"))["detail"]);
        Assert.Contains("65535 x 65535", (string?)(await server.RefusedAsync(Server.Body(Bombs.Jpeg()), 413, "too_many_pixels"))["detail"]);
    }

    [Fact]
    public async Task Post_CompressedBody_IsUnsupported()
    {
        await using Server server = await Server.StartAsync(model);
        ByteArrayContent body = Server.Body(model.Image());
        body.Headers.ContentEncoding.Add("gzip");

        await server.RefusedAsync(body, 415, "unsupported_content_type");
    }

    [Fact]
    public async Task Get_PredictRoute_IsNotAllowed()
    {
        await using Server server = await Server.StartAsync(model);

        using HttpResponseMessage response = await server.Client.GetAsync(new Uri("/predict", UriKind.Relative));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Post_ValuesThatAreNotFinite_AreAnError()
    {
        using ImageClassifier broken = NotFinite();
        await using Server server = await Server.StartAsync(model, classifier: broken);

        JsonNode json = await server.RefusedAsync(Server.Body(model.Image()), 500, "internal");

        Assert.Contains("not finite", (string?)json["detail"]);
    }

    private ImageClassifier NotFinite()
    {
        string path = model.Path + ".nan";
        byte[] bytes = File.ReadAllBytes(model.Path);
        // The last tensor's last value.
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), float.NaN);
        File.WriteAllBytes(path, bytes);
        return ImageClassifier.Load(path);
    }
}
