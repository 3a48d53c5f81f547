// response_mode=form_post: sends the form on at once. Without script the person presses its button.
document.getElementById("form-post").submit();
